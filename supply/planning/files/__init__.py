"""Cases and plans as folders of CSV files."""
