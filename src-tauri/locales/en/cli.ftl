# Words of: cli
