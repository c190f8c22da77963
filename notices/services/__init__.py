"""What people do with notices and mail: reading them, saying where mail goes, having one sent again."""
