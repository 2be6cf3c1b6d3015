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

#if FER_WITH_VISION

namespace {

constexpr std::size_t kMostPictures = 5'000'000;

struct Picture {
  fs::path path;
  std::int64_t label;
  Split split;
};

struct Listing {
  std::vector<Picture> pictures;
  std::set<std::string> unknown;  // folders that are no class
  std::size_t skipped = 0;        // pictures in them
};

std::optional<Split> split_of_folder(const std::string& name) {
  const std::string lower = to_lower(name);
  if (lower == "train" || lower == "training") return Split::train;
  if (lower == "val" || lower == "valid" || lower == "validation" || lower == "publictest") {
    return Split::val;
  }
  if (lower == "test" || lower == "privatetest") return Split::test;
  return std::nullopt;
}

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

void list_classes(const fs::path& folder, Split split, const LabelSet& labels, Listing& listing) {
  for (const fs::path& class_folder : sorted_entries(folder, true)) {
    const std::vector<fs::path> files = sorted_entries(class_folder, false);
    const auto label = labels.find(class_folder.filename().string());
    if (!label) {
      listing.unknown.insert(class_folder.filename().string());
      listing.skipped += files.size();
      continue;
    }
    if (listing.pictures.size() + files.size() > kMostPictures) {
      throw Error(folder.string() + ": holds more than " + std::to_string(kMostPictures) +
                  " pictures");
    }
    for (const fs::path& file : files) {
      listing.pictures.push_back({file, static_cast<std::int64_t>(*label), split});
    }
  }
}

Listing list_pictures(const fs::path& path, const LabelSet& labels) {
  Listing listing;
  std::vector<fs::path> split_folders;
  for (const fs::path& folder : sorted_entries(path, true)) {
    if (split_of_folder(folder.filename().string())) split_folders.push_back(folder);
  }
  for (const fs::path& folder : split_folders) {
    list_classes(folder, *split_of_folder(folder.filename().string()), labels, listing);
  }
  if (split_folders.empty()) list_classes(path, Split::none, labels, listing);
  return listing;
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
    throw Error(path.string() + ": the folders " + names + " are no known class; known: " +
                join(labels.names(), ", ") +
                " (in any usual spelling); --unknown-classes skip leaves them out");
  }
  if (!names.empty()) {
    notes.push_back(path.string() + ": skipped " + grouped(static_cast<std::int64_t>(
                        listing.skipped)) + " pictures in folders that are no class: " + names);
  }
  if (listing.pictures.empty()) {
    throw Error(path.string() + ": holds no pictures; expected train|val|test/CLASS/*.png or "
                                "CLASS/*.png with the classes " + join(labels.names(), ", "));
  }
}

}  // namespace

FaceSet read_image_folder(const fs::path& path, UnknownClasses unknown, int threads,
                          std::vector<std::string>& notes) {
  FaceSet set;
  set.source = path.string();
  const Listing listing = list_pictures(path, set.label_set);
  check_listing(path, set.label_set, unknown, listing, notes);
  const auto count = static_cast<std::int64_t>(listing.pictures.size());
  set.images = at::empty({count, kFaceSide, kFaceSide}, at::kByte);
  set.labels = at::empty({count}, at::kLong);
  set.splits = at::empty({count}, at::kByte);
  auto* images = set.images.data_ptr<std::uint8_t>();
  auto* labels = set.labels.data_ptr<std::int64_t>();
  auto* splits = set.splits.data_ptr<std::uint8_t>();
  parallel_for(count, threads, [&](std::int64_t i) {
    const Picture& picture = listing.pictures[static_cast<std::size_t>(i)];
    const FacePixels face = face_pixels(read_image(picture.path));
    std::memcpy(images + static_cast<std::size_t>(i) * kFacePixels, face.data(), kFacePixels);
    labels[i] = picture.label;
    splits[i] = static_cast<std::uint8_t>(picture.split);
  });
  return set;
}

#else

FaceSet read_image_folder(const fs::path& path, UnknownClasses, int, std::vector<std::string>&) {
  throw Error(path.string() + ": reading pictures needs OpenCV, and this build was made without it "
                              "(FER_WITH_VISION=OFF)");
}

#endif

}  // namespace fer
