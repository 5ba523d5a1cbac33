#!/bin/sh
# Draws every PNG, .ico and .icns here from the SVG sources. Needs rsvg-convert (Debian: librsvg2-bin) and the Tauri CLI in
# ui/node_modules (npm ci) or through npx.
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
rsvg-convert --width=1024 --height=1024 gateward.svg --output="$made/gateward.png"
tauri=../ui/node_modules/.bin/tauri
[ -x "$tauri" ] || tauri="npx --yes @tauri-apps/cli@2"
$tauri icon "$made/gateward.png" --output "$made/icons" > /dev/null
for name in 32x32.png 128x128.png 128x128@2x.png icon.png icon.icns icon.ico; do
  cp "$made/icons/$name" .
done
