// The plug-in for videos, cameras, windows and rare formats. It is separate because it pulls in 250
// shared libraries. It is loaded when a caller first asks for something in it.
#pragma once

namespace fer {

// What the plug-in exports under this name. The first caller loads it; any thread may call. It is
// searched for beside the shared library that this code is part of and in its folder fer, then in
// lib/fer of the program's prefix, of the prefix that find_package(fer) found, and of
// CMAKE_INSTALL_PREFIX; never in the current folder. @throws fer::Error that says where it was
// searched for, why it does not load, or that it belongs to another version.
const void* media_symbol(const char* name);

}  // namespace fer
