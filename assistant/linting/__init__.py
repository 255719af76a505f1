"""What is wrong in notes: headings without content, broken links, commands that cannot work."""
