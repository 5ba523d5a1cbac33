#!/bin/sh
# Draws every PNG, .ico and .icns here from the SVG sources. Needs rsvg-convert (Debian: librsvg2-bin) and the Tauri CLI in
# ui/node_modules (npm ci) or through npx, and ImageMagick.
set -eu
cd "$(dirname "$0")"

for svg in tray/*.svg; do
  tone=${svg%.svg}
  for size in 16 22 24 32 48; do
    rsvg-convert --width=$size --height=$size "$svg" --output="$tone-$size.png"
  done
  rsvg-convert --width=44 --height=44 --stylesheet=tray/template.css "$svg" --output="$tone-template.png"
done

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

# Windows' taskbar: one sheet for each size of its small icons (100 to 200 %), a row for each tone, for a dark and a light one.
for size in 16 20 24 32; do
  for tone in good working idle attention problem unknown; do
    for taskbar in dark light; do
      rsvg-convert --width=$size --height=$size --stylesheet=tray/on-$taskbar.css "tray/$tone.svg" --output="$made/$taskbar.png"
    done
    convert "$made/dark.png" "$made/light.png" +append "$made/$tone.png"
  done
  (cd "$made" && convert good.png working.png idle.png attention.png problem.png unknown.png -append -strip "PNG32:windows-$size.png")
  cp "$made/windows-$size.png" tray/
done

rsvg-convert --width=1024 --height=1024 gateward.svg --output="$made/gateward.png"
tauri=../ui/node_modules/.bin/tauri
[ -x "$tauri" ] || tauri="npx --yes @tauri-apps/cli@2"
$tauri icon "$made/gateward.png" --output "$made/icons" > /dev/null
for name in 32x32.png 128x128.png 128x128@2x.png icon.png icon.icns icon.ico; do
  cp "$made/icons/$name" .
done
