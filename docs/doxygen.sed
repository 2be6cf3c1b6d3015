# Makes Doxygen's comments of plain ones, line by line:
#   the first line of a file      the comment that follows is about the file
#   // behind a declaration       ///<, and so the next lines of it, which stand far to the right
#   //   indented by three        code, or a table: shown as it stands
#   // before a declaration       ///
1i /// @file
s|^( {16,})// ?|\1///< |
t
s|^( *)//   |\1///         |
t
s|^( *)// ?|\1/// |
t
s|^(.*[^ ]) +// |\1  ///< |
