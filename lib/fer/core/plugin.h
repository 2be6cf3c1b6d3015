// The plug-ins. They are separate because each loads many shared libraries: FFmpeg 110; OpenCV's
// picture codecs, cameras and windows 220, FFmpeg's among them. A plug-in is loaded at the first
// call of plugin_symbol() for it.
#pragma once

namespace fer {

struct Plugin {
  const char* file;
  const char* holds;  // for messages
};

inline constexpr Plugin kVideoPlugin{"libfer_video.so", "video files and streams"};
inline constexpr Plugin kMediaPlugin{"libfer_media.so", "cameras, windows, rare picture formats"};

// The symbol `name` of the plug-in. The first call loads it; any thread may call. It is searched
// for beside the shared library that contains this code and in that library's folder fer, then in
// lib/fer of the program's prefix, of the prefix that find_package(fer) found, and of
// CMAKE_INSTALL_PREFIX; never in the current folder. @throws fer::Error that says where it was
// searched for, why it does not load, or that it belongs to another version.
const void* plugin_symbol(const Plugin& plugin, const char* name);

}  // namespace fer
