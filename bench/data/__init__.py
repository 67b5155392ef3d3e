"""Many invented incidents, loaded by bulk SQL, with real sealed text wherever a page will open it."""
