// The files of a folder: those that can be read, and word of all others.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fer::image {

// What a folder's reader passes over: how many of each kind, and one of them by name.
class LeftOut {
 public:
  // The words for one thing of a kind and for several.
  struct Name {
    std::string one, many;
  };

  void add(const Name& name, const std::filesystem::path& example, std::int64_t count = 1);
  void add(const LeftOut& others);

  bool empty() const { return kinds_.empty(); }

  // "2 AVIF pictures, which cannot be decoded here (such as 'a.avif'); 1 file that is not a picture
  // ('notes.txt')", with paths as seen from `folder`.
  std::string text(const std::filesystem::path& folder) const;

 private:
  struct Kind {
    Name name;
    std::filesystem::path example;
    std::int64_t count = 0;
  };
  std::vector<Kind> kinds_;  // in the order they were met
};

struct ListOptions {
  bool recursive = false;  // the folders below are listed, too; links to folders are not followed
  bool videos = false;     // videos are listed, too
  // A file whose name it takes is wanted without a look at its content, as those named like
  // pictures are; or null.
  bool (*trusted)(const std::filesystem::path& path) = nullptr;
};

// The pictures (and videos) of the folder, sorted by path. Clutter (is_clutter) is passed over in
// silence, all else counted in `left_out`; without `recursive` folders are not. A folder below that
// cannot be listed is left out, too. @throws fer::Error where `folder` itself cannot be.
std::vector<std::filesystem::path> list_folder(const std::filesystem::path& folder,
                                               const ListOptions& options, LeftOut& left_out);

// Whether list_folder, recursively, would find a picture. Stops at the first one, and takes a
// folder for one with pictures when no `looks` at entries are left, or when it cannot be listed.
bool may_hold_pictures(const std::filesystem::path& folder, std::int64_t& looks);

// The folders in the folder, links to folders among them, sorted; without clutter. @throws
// fer::Error where it cannot be listed.
std::vector<std::filesystem::path> folders_in(const std::filesystem::path& folder);

}  // namespace fer::image
