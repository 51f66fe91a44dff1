"""What has happened: events, commitments and indicators in a workspace, and the trust that they have earned."""
