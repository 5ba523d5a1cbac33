; Installer for Windows, for one account, without elevation. `cargo xtask package-windows` runs makensis on it.
; Defines: VERSION, PROGRAMS (the folder with the three programs), ICON, OUTPUT. Starts nothing and adds no task.
Unicode true
Name "Gateward"
OutFile "${OUTPUT}"
Icon "${ICON}"
InstallDir "$LOCALAPPDATA\Programs\Gateward"
InstallDirRegKey HKCU "Software\Gateward" "Folder"
RequestExecutionLevel user
SetCompressor /SOLID lzma
SetDateSave off
BrandingText "Gateward ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "Gateward"
VIAddVersionKey FileDescription "Gateward installer"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey LegalCopyright "The Gateward developers; MIT or Apache-2.0"
!define REMOVAL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Gateward"

Page directory
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

; A program that runs cannot be replaced: the old file is moved aside, runs on, and goes at the next installation.
!macro Replace file
  Delete "$INSTDIR\${file}.old"
  IfFileExists "$INSTDIR\${file}" 0 +2
    Rename "$INSTDIR\${file}" "$INSTDIR\${file}.old"
  File "${PROGRAMS}/${file}"
  Delete "$INSTDIR\${file}.old"
!macroend

Section
  SetOutPath "$INSTDIR"
  !insertmacro Replace "gateward.exe"
  !insertmacro Replace "gateward-host.exe"
  !insertmacro Replace "gateward-tray.exe"
  CreateShortcut "$SMPROGRAMS\Gateward.lnk" "$INSTDIR\gateward-tray.exe"
  WriteRegStr HKCU "Software\Gateward" "Folder" "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "${REMOVAL}" "DisplayName" "Gateward"
  WriteRegStr HKCU "${REMOVAL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${REMOVAL}" "DisplayIcon" "$INSTDIR\gateward-tray.exe"
  WriteRegStr HKCU "${REMOVAL}" "Publisher" "The Gateward developers"
  WriteRegStr HKCU "${REMOVAL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegDWORD HKCU "${REMOVAL}" "NoModify" 1
  WriteRegDWORD HKCU "${REMOVAL}" "NoRepair" 1
SectionEnd

Section Uninstall
  Delete "$INSTDIR\gateward.exe"
  Delete "$INSTDIR\gateward-host.exe"
  Delete "$INSTDIR\gateward-tray.exe"
  Delete "$INSTDIR\gateward.exe.old"
  Delete "$INSTDIR\gateward-host.exe.old"
  Delete "$INSTDIR\gateward-tray.exe.old"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Gateward.lnk"
  DeleteRegKey HKCU "${REMOVAL}"
  DeleteRegKey HKCU "Software\Gateward"
SectionEnd
