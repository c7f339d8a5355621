"""Projects and needs: what a county posts, from draft to closed."""
