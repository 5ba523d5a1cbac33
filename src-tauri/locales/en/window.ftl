# Words of: window
