#include "fer/image/folder_files.h"

#include <algorithm>
#include <system_error>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/image/file_type.h"
#include "fer/image/image.h"

namespace fer::image {

namespace fs = std::filesystem;

namespace {

// The folder's entries without clutter; `code`: the error if it cannot be listed.
std::vector<fs::directory_entry> entries_of(const fs::path& folder, std::error_code& code) {
  std::vector<fs::directory_entry> entries;
  for (fs::directory_iterator at(folder, code), end; !code && at != end; at.increment(code)) {
    if (!is_clutter(at->path().filename().string())) entries.push_back(*at);
  }
  // Sorted, so that messages do not depend on the file system's order.
  std::sort(entries.begin(), entries.end());
  return entries;
}

std::vector<fs::directory_entry> entries_or_throw(const fs::path& folder) {
  std::error_code code;
  std::vector<fs::directory_entry> entries = entries_of(folder, code);
  if (code) throw Error(folder.string() + ": cannot be listed: " + code.message());
  return entries;
}

// Reading a pipe or socket waits until somebody writes into it.
bool waits_for_writer(const fs::directory_entry& entry) {
  std::error_code ignored;
  return entry.is_fifo(ignored) || entry.is_socket(ignored);
}

// Whether FolderLister would list this entry as a picture. `entry` must not be a folder.
bool is_picture(const fs::directory_entry& entry) {
  std::error_code ignored;
  if (has_image_extension(entry.path())) return !waits_for_writer(entry);
  return entry.is_regular_file(ignored) && type_of_file(entry.path()).kind == FileKind::picture;
}

class FolderLister {
 public:
  FolderLister(const ListOptions& options, LeftOut& left_out)
      : options_(options), left_out_(left_out) {}

  std::vector<fs::path> list(const fs::path& folder) {
    for (const fs::directory_entry& entry : entries_or_throw(folder)) look_at(entry);
    while (!waiting_.empty()) {
      const fs::path below = std::move(waiting_.back());
      waiting_.pop_back();
      std::error_code code;
      for (const fs::directory_entry& entry : entries_of(below, code)) look_at(entry);
      if (code) left_out_.add({"folder that cannot be read", "folders that cannot be read"}, below);
    }
    std::sort(found_.begin(), found_.end());
    return std::move(found_);
  }

 private:
  void look_at(const fs::directory_entry& entry) {
    std::error_code ignored;
    if (entry.is_directory(ignored)) return look_at_folder(entry);
    const fs::path& path = entry.path();
    const bool trusted = options_.trusted != nullptr && options_.trusted(path);
    if ((trusted || has_image_extension(path)) && !waits_for_writer(entry)) {
      found_.push_back(path);  // its reader reports what is wrong with it
    } else if (entry.is_regular_file(ignored)) {
      look_at_file(path);
    } else {
      left_out_.add({"entry that is not a file", "entries that are not files"}, path);
    }
  }

  void look_at_folder(const fs::directory_entry& entry) {
    std::error_code ignored;
    if (!options_.recursive) return;
    if (entry.is_symlink(ignored)) {
      left_out_.add(
          {"link to a folder, which is not followed", "links to folders, which are not followed"},
          entry.path());
    } else {
      waiting_.push_back(entry.path());
    }
  }

  void look_at_file(const fs::path& path) {
    const FileType type = type_of_file(path);
    switch (type.kind) {
      case FileKind::picture:
        found_.push_back(path);
        break;
      case FileKind::video:
        if (options_.videos) {
          found_.push_back(path);
        } else {
          left_out_.add({"video", "videos"}, path);
        }
        break;
      case FileKind::foreign:
        left_out_.add({foreign_picture(type.format), foreign_picture(type.format, true)}, path);
        break;
      case FileKind::closed:
        left_out_.add({"file that cannot be opened", "files that cannot be opened"}, path);
        break;
      case FileKind::other:
        left_out_.add({"file that is not a picture", "files that are not pictures"}, path);
        break;
    }
  }

  const ListOptions& options_;
  LeftOut& left_out_;
  std::vector<fs::path> found_;
  std::vector<fs::path> waiting_;  // folders
};

}  // namespace

void LeftOut::add(const Name& name, const fs::path& example, std::int64_t count) {
  for (Kind& kind : kinds_) {
    if (kind.name.one != name.one) continue;
    kind.count += count;
    return;
  }
  kinds_.push_back({name, example, count});
}

void LeftOut::add(const LeftOut& others) {
  for (const Kind& kind : others.kinds_) add(kind.name, kind.example, kind.count);
}

std::string LeftOut::text(const fs::path& folder) const {
  std::vector<std::string> parts;
  for (const Kind& kind : kinds_) {
    const fs::path seen = kind.example.lexically_relative(folder);
    const std::string example = quote((seen.empty() ? kind.example : seen).string(), 120);
    parts.push_back(kind.count == 1 ? "1 " + kind.name.one + " (" + example + ")"
                                    : grouped(kind.count) + " " + kind.name.many + " (such as " +
                                          example + ")");
  }
  return join(parts, "; ");
}

std::vector<fs::path> list_folder(const fs::path& folder, const ListOptions& options,
                                  LeftOut& left_out) {
  return FolderLister(options, left_out).list(folder);
}

bool may_hold_pictures(const fs::path& folder, std::int64_t& looks) {
  std::vector<fs::path> waiting = {folder};
  while (!waiting.empty()) {
    const fs::path below = std::move(waiting.back());
    waiting.pop_back();
    std::error_code code, ignored;
    for (fs::directory_iterator at(below, code), end; !code && at != end; at.increment(code)) {
      if (--looks < 0) return true;
      if (is_clutter(at->path().filename().string())) continue;
      if (!at->is_directory(ignored)) {
        if (is_picture(*at)) return true;
      } else if (!at->is_symlink(ignored)) {
        waiting.push_back(at->path());
      }
    }
    if (code && below == folder) return true;
  }
  return false;
}

std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> folders;
  for (const fs::directory_entry& entry : entries_or_throw(folder)) {
    std::error_code ignored;  // a link that leads nowhere is not a folder
    if (entry.is_directory(ignored)) folders.push_back(entry.path());
  }
  return folders;
}

}  // namespace fer::image
