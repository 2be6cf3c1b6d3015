#include "fer/data/folder_pictures.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/random_access_file.h"
#if FER_WITH_VISION
#include "fer/image/image.h"
#endif

namespace fer::data {

#if FER_WITH_VISION

namespace fs = std::filesystem;

bool has_other_shape(std::int64_t width, std::int64_t height, const FaceFormat& to) {
  return width * to.height != height * to.width;
}

FolderPictures::FolderPictures(fs::path root, FolderListing listing, const FaceFormat& faces,
                               BrokenImages on_broken)
    : root_(std::move(root)),
      listing_(std::move(listing)),
      faces_(faces),
      on_broken_(on_broken),
      broken_(listing_.pictures.size()),
      stretched_(listing_.pictures.size()) {}

void FolderPictures::read(std::int64_t first, std::span<std::uint8_t> to) const {
  for (std::size_t at = 0; at < to.size(); at += faces_.bytes(), ++first) {
    decode(first, to.subspan(at, faces_.bytes()));
  }
}

bool FolderPictures::is_broken(std::int64_t row) const {
  return broken_[static_cast<std::size_t>(row)].load();
}

bool FolderPictures::is_stretched(std::int64_t row) const {
  return stretched_[static_cast<std::size_t>(row)].load();
}

std::string FolderPictures::name(std::int64_t row) const {
  return listing_.path_of(row).lexically_relative(root_).string();
}

void FolderPictures::add_identity(Hasher& hasher) const {
  hasher.add(text_of(faces_));
  for (std::int64_t row = 0; row < size(); ++row) {
    const std::string path = listing_.path_of(row).string();
    struct stat info {};
    ::stat(path.c_str(), &info);  // a missing file is reported when it is read
    hasher.add(file_identity(path, info));
  }
}

void FolderPictures::decode(std::int64_t row, std::span<std::uint8_t> to) const {
  try {
    const auto picture = image::read_image(listing_.path_of(row));
    const std::vector<std::uint8_t> face = image::face_bytes(picture, faces_);
    stretched_[static_cast<std::size_t>(row)] = has_other_shape(picture.cols, picture.rows, faces_);
    std::copy(face.begin(), face.end(), to.begin());
  } catch (const Error&) {
    if (on_broken_ == BrokenImages::error) throw;
    std::fill(to.begin(), to.end(), std::uint8_t{0});
    broken_[static_cast<std::size_t>(row)] = true;
  }
}

#endif

}  // namespace fer::data
