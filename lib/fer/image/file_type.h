// The type of a file, by its name or its first bytes.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace fer::image {

enum class FileKind {
  picture,  // in a format that read_image reads
  video,    // or an animation
  foreign,  // a picture in another format
  closed,   // cannot be opened
  other
};

struct FileType {
  FileKind kind = FileKind::other;
  std::string_view format = {};  // "JPEG", "MP4", "AVIF"; empty where it is not known
};

// How messages call a file of a known format that cannot be decoded here: "HEIC picture, which
// cannot be decoded here"; `several`: the plural.
std::string foreign_picture(std::string_view format, bool several = false);

// @throws fer::Error for a type that is `foreign`.
void refuse_foreign(const FileType& type, const std::string& name);

// The number of bytes that type_of_content looks at.
inline constexpr std::size_t kTypeBytes = 512;

// `start`: the first bytes of a file, up to kTypeBytes of them. Every GIF counts as a video;
// type_of_file() finds out whether it moves.
FileType type_of_content(std::string_view start);

// A file named like a picture (has_image_extension) counts as one without being read; read_image()
// reports what is wrong with it. Of other files kTypeBytes are read, and of a GIF as much as shows
// whether it moves. `path` must be a regular file.
FileType type_of_file(const std::filesystem::path& path);

// Whether a file or folder of this name usually is clutter of the operating system: hidden ones,
// Thumbs.db, desktop.ini, __MACOSX and the like.
bool is_clutter(std::string_view name);

}  // namespace fer::image
