#include "fer/data/image_folder.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <set>

#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/core/parallel.h"
#include "fer/core/text.h"
#if FER_WITH_VISION
#include "fer/image/image.h"
#endif

namespace fer {

namespace fs = std::filesystem;

bool is_image_folder(const fs::path& path) {
  std::error_code code;
  return fs::is_directory(path, code);
}

std::optional<Split> split_of_folder(const std::string& name) {
  const std::string lower = to_lower(name);
  if (lower == "train" || lower == "training") return Split::train;
  if (lower == "val" || lower == "valid" || lower == "validation" || lower == "publictest") {
    return Split::val;
  }
  if (lower == "test" || lower == "privatetest") return Split::test;
  return std::nullopt;
}

#if FER_WITH_VISION

namespace {

constexpr std::size_t kMostPictures = 5'000'000;

struct Picture {
  fs::path path;
  std::int64_t label;
  Split split;
};

// A folder whose folders are classes.
struct ClassRoot {
  fs::path folder;
  Split split;
};

struct Listing {
  std::vector<Picture> pictures;
  std::set<std::string> unknown;  // folders that are no class
  std::size_t skipped = 0;        // pictures in them
};

std::vector<fs::path> sorted_entries(const fs::path& folder, bool folders) {
  std::vector<fs::path> entries;
  std::error_code code;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end;
       entry.increment(code)) {
    if (entry->path().filename().string().starts_with(".")) continue;
    std::error_code ignored;  // a link that leads nowhere is no folder
    if (folders ? entry->is_directory(ignored) : has_image_extension(entry->path())) {
      entries.push_back(entry->path());
    }
  }
  if (code) throw Error(folder.string() + ": cannot be listed: " + code.message());
  std::sort(entries.begin(), entries.end());
  return entries;
}

std::vector<ClassRoot> class_roots(const fs::path& path) {
  std::vector<ClassRoot> roots;
  for (const fs::path& folder : sorted_entries(path, true)) {
    const auto split = split_of_folder(folder.filename().string());
    if (split) roots.push_back({folder, *split});
  }
  if (roots.empty()) roots.push_back({path, Split::none});
  return roots;
}

// What a folder's class is called.
std::string name_of(const fs::path& folder, const ClassNames& called) {
  return called.of(folder.filename().string());
}

LabelSet own_classes(const fs::path& path, const std::vector<ClassRoot>& roots,
                     const ClassNames& called) {
  std::set<std::string> names;
  for (const ClassRoot& root : roots) {
    for (const fs::path& folder : sorted_entries(root.folder, true)) {
      if (!sorted_entries(folder, false).empty()) names.insert(name_of(folder, called));
    }
  }
  try {
    return LabelSet(std::vector<std::string>(names.begin(), names.end()));
  } catch (const Error& error) {
    throw Error(path.string() +
                ": its folders cannot be the classes (--classes from-data): " + error.what());
  }
}

void list_classes(const ClassRoot& root, const LabelSet& labels, const ClassNames& called,
                  Listing& listing) {
  for (const fs::path& class_folder : sorted_entries(root.folder, true)) {
    const std::vector<fs::path> files = sorted_entries(class_folder, false);
    const auto label = class_of(name_of(class_folder, called), labels);
    if (!label) {
      listing.unknown.insert(class_folder.filename().string());
      listing.skipped += files.size();
      continue;
    }
    if (listing.pictures.size() + files.size() > kMostPictures) {
      throw Error(root.folder.string() + ": holds more than " + std::to_string(kMostPictures) +
                  " pictures");
    }
    for (const fs::path& file : files) {
      listing.pictures.push_back({file, static_cast<std::int64_t>(*label), root.split});
    }
  }
}

// Folders beside train and test that are no split: their pictures would be missed without a word.
void list_strays(const fs::path& path, Listing& listing) {
  for (const fs::path& folder : sorted_entries(path, true)) {
    if (!split_of_folder(folder.filename().string())) {
      listing.unknown.insert(folder.filename().string());
    }
  }
}

// The first few names: a folder that is no data set at all may hold thousands.
std::string quoted_list(const std::set<std::string>& names) {
  constexpr std::size_t kShown = 12;
  std::vector<std::string> shown;
  for (const std::string& name : names) {
    if (shown.size() == kShown) break;
    shown.push_back(quote(name));
  }
  if (names.size() > kShown) {
    shown.push_back("and " + std::to_string(names.size() - kShown) + " more");
  }
  return join(shown, ", ");
}

void check_listing(const fs::path& path, const LabelSet& labels, UnknownClasses unknown,
                   const Listing& listing, std::vector<std::string>& notes) {
  const std::string names = quoted_list(listing.unknown);
  if (!names.empty() && unknown == UnknownClasses::error) {
    throw Error(path.string() + ": the folders " + names +
                " are no known class or split; known: " + join(labels.names(), ", ") +
                " (in any usual spelling); --unknown-classes skip leaves them out, --classes "
                "from-data takes "
                "folders' own names for classes");
  }
  if (!names.empty()) {
    notes.push_back(path.string() + ": skipped " +
                    grouped(static_cast<std::int64_t>(listing.skipped)) +
                    " pictures in folders that are no class: " + names);
  }
  if (listing.pictures.empty()) {
    throw Error(path.string() +
                ": holds no pictures in folders of classes; expected train|val|test/CLASS/*.png or "
                "CLASS/*.png with the classes " +
                join(labels.names(), ", "));
  }
}

// The pictures' faces, labels and splits; `broken` tells, for each picture, whether it could not be
// read.
void read_pictures(const Listing& listing, BrokenImages on_broken, int threads, FaceSet& set,
                   std::vector<std::uint8_t>& broken) {
  const auto count = static_cast<std::int64_t>(listing.pictures.size());
  broken.assign(listing.pictures.size(), 0);
  set.images = at::empty({count, kFaceSide, kFaceSide}, at::kByte);
  set.labels = at::empty({count}, at::kLong);
  set.splits = at::empty({count}, at::kByte);
  auto* images = set.images.data_ptr<std::uint8_t>();
  auto* labels = set.labels.data_ptr<std::int64_t>();
  auto* splits = set.splits.data_ptr<std::uint8_t>();
  parallel_for(count, threads, [&](std::int64_t i) {
    const Picture& picture = listing.pictures[static_cast<std::size_t>(i)];
    labels[i] = picture.label;
    splits[i] = static_cast<std::uint8_t>(picture.split);
    try {
      const FacePixels face = face_pixels(read_image(picture.path));
      std::memcpy(images + static_cast<std::size_t>(i) * kFacePixels, face.data(), kFacePixels);
    } catch (const Error&) {
      if (on_broken == BrokenImages::error) throw;
      broken[static_cast<std::size_t>(i)] = 1;
    }
  });
}

// Leaves out the broken pictures, and tells which.
void leave_out_broken(const fs::path& path, const Listing& listing,
                      const std::vector<std::uint8_t>& broken, FaceSet& set,
                      std::vector<std::string>& notes) {
  constexpr std::size_t kShown = 3;
  std::vector<std::int64_t> whole;
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < broken.size(); ++i) {
    if (broken[i] == 0) {
      whole.push_back(static_cast<std::int64_t>(i));
    } else if (shown.size() < kShown) {
      shown.push_back(quote(listing.pictures[i].path.lexically_relative(path).string(), 120));
    }
  }
  if (shown.empty()) return;
  const std::size_t skipped = broken.size() - whole.size();
  std::string which = join(shown, ", ");
  if (skipped > kShown) which += " and " + std::to_string(skipped - kShown) + " more";
  if (whole.empty()) throw Error(path.string() + ": none of its pictures can be read: " + which);
  notes.push_back(path.string() + ": skipped " + grouped(static_cast<std::int64_t>(skipped)) +
                  (skipped == 1 ? " broken picture: " : " broken pictures: ") + which);
  set = set.select(at::tensor(whole, at::kLong));
}

}  // namespace

FaceSet read_image_folder(const fs::path& path, const FolderOptions& options, int threads,
                          std::vector<std::string>& notes) {
  FaceSet set;
  set.source = path.string();
  const std::vector<ClassRoot> roots = class_roots(path);
  set.label_set = options.own_classes ? own_classes(path, roots, options.names) : options.known;
  Listing listing;
  for (const ClassRoot& root : roots) {
    list_classes(root, set.label_set, options.names, listing);
  }
  if (roots.front().split != Split::none) list_strays(path, listing);
  if (options.own_classes) listing.unknown.clear();  // those without pictures
  check_listing(path, set.label_set, options.unknown, listing, notes);
  std::vector<std::uint8_t> broken;
  for (const Picture& picture : listing.pictures) set.names.push_back(picture.path.string());
  read_pictures(listing, options.broken, threads, set, broken);
  leave_out_broken(path, listing, broken, set, notes);
  return set;
}

#else

FaceSet read_image_folder(const fs::path& path, const FolderOptions&, int,
                          std::vector<std::string>&) {
  throw Error(path.string() +
              ": reading pictures needs OpenCV, and this build was made without it "
              "(FER_WITH_VISION=OFF)");
}

#endif

}  // namespace fer
