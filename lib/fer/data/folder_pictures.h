// The pictures of a folder as images of a data set. Needs a build with vision.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "fer/core/face.h"
#include "fer/data/data_options.h"
#include "fer/data/folder_listing.h"
#include "fer/data/image_store.h"

namespace fer::data {

// Decodes pictures at each read and converts them to one format.
class FolderPictures : public ImageStore {
 public:
  // `root`: the folder that names are relative to.
  FolderPictures(std::filesystem::path root, FolderListing listing, const FaceFormat& faces,
                 BrokenImages on_broken);

  std::int64_t size() const override { return listing_.size(); }
  void read(std::int64_t first, std::span<std::uint8_t> to) const override;
  bool is_broken(std::int64_t row) const override;
  bool is_stretched(std::int64_t row) const override;
  std::string name(std::int64_t row) const override;
  void add_identity(Hasher& hasher) const override;

 private:
  void decode(std::int64_t row, std::span<std::uint8_t> to) const;

  std::filesystem::path root_;
  FolderListing listing_;
  FaceFormat faces_;
  BrokenImages on_broken_;
  mutable std::vector<std::atomic<bool>> broken_, stretched_;  // by row
};

// Whether a picture of this size has another shape than that format.
bool has_other_shape(std::int64_t width, std::int64_t height, const FaceFormat& to);

}  // namespace fer::data
