# Moves an installed prefix, FROM to TO, in whose place an earlier run may have left another.
file(REMOVE_RECURSE "${TO}")
file(RENAME "${FROM}" "${TO}")
