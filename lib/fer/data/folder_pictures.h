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

// They are decoded each time they are asked for, and made faces of one format.
class FolderPictures : public ImageStore {
 public:
  // `root`: what names are told from.
  FolderPictures(std::filesystem::path root, FolderListing listing, const FaceFormat& faces,
                 BrokenImages on_broken);

  std::int64_t size() const override { return listing_.size(); }
  void read(std::int64_t first, std::span<std::uint8_t> to) const override;
  bool is_broken(std::int64_t row) const override;
  std::string name(std::int64_t row) const override;
  void add_identity(Hasher& hasher) const override;

  // Of those that were decoded, how many had not the shape that they were scaled to.
  std::int64_t stretched() const { return stretched_; }

 private:
  void decode(std::int64_t row, std::span<std::uint8_t> to) const;

  std::filesystem::path root_;
  FolderListing listing_;
  FaceFormat faces_;
  BrokenImages on_broken_;
  mutable std::vector<std::atomic<bool>> broken_;
  mutable std::atomic<std::int64_t> stretched_ = 0;
};

// Whether a picture of this size does not keep its shape as a face of that format.
bool is_stretched(std::int64_t width, std::int64_t height, const FaceFormat& to);

}  // namespace fer::data
