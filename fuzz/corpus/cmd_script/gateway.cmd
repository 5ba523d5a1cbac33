@echo off
rem OpenClaw Gateway (v2026.9.6)
cd /d "C:\Users\anna"
set "PATH=C:\x;%PATH%"
set OPENCLAW_GATEWAY_PORT=18789
"C:\Program Files\nodejs\node.exe" "C:\a b\index.js" gateway --port 18789
