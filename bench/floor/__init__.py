"""The floor: what our pages would cost if they did nothing but their bare job.

The same middleware, sign-in and database as ours; one hand-written statement per page with the right index; a template
of a few lines. Nothing is checked, sealed or recorded here, so this can never be the product: it says what is possible.
"""
