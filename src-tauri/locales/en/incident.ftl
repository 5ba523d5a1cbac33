# Words of: incident
