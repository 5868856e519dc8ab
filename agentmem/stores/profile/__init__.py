"""What a user is like: how they want to be answered, and what is known of them."""
