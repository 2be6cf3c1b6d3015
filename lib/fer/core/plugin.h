// libfer_media: the plug-in with what few runs need and 250 shared libraries come with (videos,
// cameras, windows, rare picture formats). It is loaded when something of it is first asked for.
#pragma once

namespace fer {

// What the plug-in exports under this name. Loaded once, by the first caller; any thread may call. It is
// looked for in lib/fer of the program's prefix, of the prefix that find_package(fer) found, beside the
// library that this code is part of, and of CMAKE_INSTALL_PREFIX, never in the current folder.
// @throws fer::Error that says where it was looked for, why it does not load, or that it is another
// version's.
const void* media_symbol(const char* name);

}  // namespace fer
