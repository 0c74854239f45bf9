"""Forms made from the JSON Schemas of tools. Empty, because a call needs the words of
`complaints` and must not load any forms for them."""
