# Words of: notice
