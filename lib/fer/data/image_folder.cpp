#include "fer/data/image_folder.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/core/parallel.h"
#include "fer/core/text.h"
#include "fer/data/folder_pictures.h"
#include "fer/tensors/face_images.h"
#if FER_WITH_VISION
#include "fer/image/image.h"
#endif

namespace fer::data {

namespace fs = std::filesystem;

std::string describe_broken(const std::string& source, const Images& pictures,
                            const std::vector<std::int64_t>& broken) {
  constexpr std::size_t kShown = 3;
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < std::min(broken.size(), kShown); ++i) {
    shown.push_back(quote(pictures.name(broken[i]), 120));
  }
  std::string which = join(shown, ", ");
  if (broken.size() > kShown) which += " and " + std::to_string(broken.size() - kShown) + " more";
  const auto count = static_cast<std::int64_t>(broken.size());
  if (count == pictures.size()) {
    throw Error(source + ": none of its pictures can be read: " + which);
  }
  return source + ": skipped " + counted(count, "broken picture") + ": " + which;
}

std::string describe_stretched(const std::string& source, std::int64_t stretched,
                               std::int64_t pictures) {
  return source + ": " + grouped(stretched) + " of " + counted(pictures, "picture") +
         (stretched == 1 ? " is not square, and is" : " are not square, and are") +
         " stretched to a square";
}

at::Tensor other_rows(std::int64_t count, const std::vector<std::int64_t>& left_out) {
  at::Tensor kept = at::ones({count}, at::kBool);
  for (const std::int64_t row : left_out) kept.data_ptr<bool>()[row] = false;
  return kept.nonzero().squeeze(1);
}

bool is_image_folder(const fs::path& path) {
  std::error_code code;
  return fs::is_directory(path, code);
}

#if FER_WITH_VISION

namespace {

// Everything except the images.
FaceSet described_set(const fs::path& path, const FolderListing& listing, bool named) {
  FaceSet set;
  set.source = path.string();
  set.label_set = listing.labels;
  const std::int64_t count = listing.size();
  set.labels = at::empty({count}, at::kLong);
  set.splits = at::empty({count}, at::kByte);
  for (std::int64_t i = 0; i < count; ++i) {
    set.labels.data_ptr<std::int64_t>()[i] = listing.at(i).label;
    set.splits.data_ptr<std::uint8_t>()[i] = static_cast<std::uint8_t>(listing.at(i).split);
    if (named) set.names.push_back(listing.path_of(i).string());
  }
  return set;
}

// Decodes all pictures; leaves out broken ones, with a note.
void read_pictures(int threads, FaceSet& set, std::vector<std::string>& notes) {
  const std::int64_t count = set.images.size();
  const at::Tensor levels = at::empty(tensors::sizes_of(set.images.format(), count), at::kByte);
  const Images pictures = set.images;
  parallel_for(count, threads, [&](std::int64_t i) { levels[i].copy_(pictures.row(i)); });
  set.images = levels;
  if (const std::int64_t stretched = pictures.stretched_rows(0, count); stretched > 0) {
    notes.push_back(describe_stretched(set.source, stretched, count));
  }
  const std::vector<std::int64_t> broken = pictures.broken_rows(0, count);
  if (broken.empty()) return;
  notes.push_back(describe_broken(set.source, pictures, broken));
  set = set.select(other_rows(count, broken));
}

void note_other_size(const fs::path& path, const FolderListing& listing, const FaceFormat& faces,
                     std::vector<std::string>& notes) {
  try {
    const auto first = image::read_image(listing.path_of(0));
    if (first.cols == faces.width && first.rows == faces.height) return;
    notes.push_back(
        path.string() + ": pictures become " + text_of(faces) + " (the first has " +
        std::to_string(first.cols) + "x" + std::to_string(first.rows) + " pixels" +
        (has_other_shape(first.cols, first.rows, faces) ? ", and is stretched); " : "); ") +
        option("image_size") + " and " + option("colour") + " choose otherwise");
  } catch (const Error&) {
    // A broken picture is reported when it is read.
  }
}

}  // namespace

FaceSet read_image_folder(const fs::path& path, const FolderOptions& options, int threads,
                          std::vector<std::string>& notes) {
  FolderListing listing = list_class_folders(path, options, notes);
  if (options.faces_by_default) note_other_size(path, listing, options.faces, notes);
  FaceSet set = described_set(path, listing, !options.when_asked);
  const auto pictures = std::make_shared<const FolderPictures>(path, std::move(listing),
                                                               options.faces, options.broken);
  set.images = Images(pictures, options.faces);
  if (!options.when_asked) read_pictures(threads, set, notes);
  return set;
}

#else

FaceSet read_image_folder(const fs::path& path, const FolderOptions&, int,
                          std::vector<std::string>&) {
  throw Error(path.string() + ": pictures cannot be read: this build has no OpenCV");
}

#endif

}  // namespace fer::data
