// The readable files of a folder, and a count of all others.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fer::image {

// Files that a folder's reader skipped: for each kind their number and one name.
class LeftOut {
 public:
  // A kind in the singular and in the plural.
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
  // Returns true for names of files that are listed without a look at their content, as those named
  // like pictures are; may be null.
  bool (*trusted)(const std::filesystem::path& path) = nullptr;
};

// The pictures (and videos) of the folder, sorted by path. Other files are counted in `left_out`;
// clutter (is_clutter) is not, nor are folders without `recursive`. A folder below that cannot be
// listed is counted, too. @throws fer::Error if `folder` itself cannot be listed.
std::vector<std::filesystem::path> list_folder(const std::filesystem::path& folder,
                                               const ListOptions& options, LeftOut& left_out);

// Whether list_folder would find a picture in it, recursively. Also true for a folder that cannot
// be listed, and once `looks`, which counts down for every entry, is 0.
bool may_hold_pictures(const std::filesystem::path& folder, std::int64_t& looks);

// The folders in `folder`, including links to folders, sorted; without clutter. @throws fer::Error
// if it cannot be listed.
std::vector<std::filesystem::path> folders_in(const std::filesystem::path& folder);

}  // namespace fer::image
