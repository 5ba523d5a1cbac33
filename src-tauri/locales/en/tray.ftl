# Words of: tray
