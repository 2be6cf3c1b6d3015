// What a file is: by its first bytes, where its name does not say it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace fer::image {

enum class FileKind {
  picture,  // of a format that read_image reads
  video,    // or an animation
  foreign,  // a picture of a format that it does not read
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

// @throws fer::Error that says so where the type is foreign.
void refuse_foreign(const FileType& type, const std::string& name);

// As many bytes as type_of_content looks at.
inline constexpr std::size_t kTypeBytes = 512;

// `start`: the first bytes of a file, up to kTypeBytes of them. Takes every GIF for a video;
// type_of_file() tells whether it moves.
FileType type_of_content(std::string_view start);

// Takes a file named like a picture (has_image_extension) for one without reading it; read_image()
// says what is wrong with it. Reads kTypeBytes of others, and as much of a GIF as tells whether it
// moves. `path` must be a regular file.
FileType type_of_file(const std::filesystem::path& path);

// Whether operating systems and file managers leave files or folders of this name beside people's
// own: hidden ones, Thumbs.db, desktop.ini, __MACOSX and their kind.
bool is_clutter(std::string_view name);

}  // namespace fer::image
