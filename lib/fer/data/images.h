// The images of a data set, which need not be in memory.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fer/core/face.h"
#include "fer/core/random_access_file.h"

namespace fer::data {

class ImageStore;  // image_store.h

// N images of one format, uint8, in any order. They lie in tensors or in files and are read on
// demand: a selection or a joined list is only another order of the same images, at eight bytes
// each, and copies no pixel. Copies share the images. Several threads may read.
//
// Wherever it gives images, they are a contiguous tensor on the CPU: [M,height,width] of grey ones,
// [M,height,width,3] of others. Functions that read pixels throw fer::Error naming a file or
// picture that was made shorter or cannot be read.
class Images {
 public:
  Images() = default;  // no images

  // The images of a tensor on the CPU, which is not copied if it is contiguous: uint8 [N,H,W],
  // grey, or [N,H,W,3], RGB (tensors/face_images.h).
  Images(const at::Tensor& levels);  // NOLINT: a tensor in memory is the plainest case

  // `count` consecutive images in a file.
  Images(std::shared_ptr<const RandomAccessFile> file, std::size_t offset, std::int64_t count,
         const FaceFormat& format);

  // The images of any store.
  Images(std::shared_ptr<const ImageStore> store, const FaceFormat& format);

  std::int64_t size() const;
  const FaceFormat& format() const { return format_; }

  at::Tensor rows(const at::Tensor& wanted) const;  // int64 [M], CPU
  at::Tensor row(std::int64_t row) const;           // one image: [height,width] or [height,width,3]

  // `count` images from `first` on. May be a view of shared memory, so it must not be written to.
  at::Tensor block(std::int64_t first, std::int64_t count) const;

  // All images: block(0, size()). Only for images that are few or in memory.
  at::Tensor all() const { return block(0, size()); }

  // Calls `look` with blocks of at most `at_once` images, in order; without it, of at_once().
  void each_block(
      std::int64_t at_once,
      const std::function<void(std::int64_t first, const at::Tensor& block)>& look) const;
  void each_block(
      const std::function<void(std::int64_t first, const at::Tensor& block)>& look) const {
    each_block(at_once(), look);
  }

  // The number of images in about 16 MiB.
  std::int64_t at_once() const;

  // Announces that these rows will be read soon, so that the system can fetch them.
  void expect(const at::Tensor& wanted) const;

  Images select(const at::Tensor& wanted) const;  // int64 [M], CPU
  // Joins images of the same format; empty ones may have any.
  static Images joined(const std::vector<Images>& parts);

  // Of these rows, which must have been read, those that could not be read and must be left out.
  // Only pictures that are decoded on demand can be broken; their levels are 0.
  std::vector<std::int64_t> broken_rows(std::int64_t first, std::int64_t count) const;
  // The number of these rows, which must have been read, whose pictures were stretched because they
  // have another shape.
  std::int64_t stretched_rows(std::int64_t first, std::int64_t count) const;
  std::string name(std::int64_t row) const;  // of a picture, for messages

  // Identifies the images: 16 hex digits. Does not read files, but uses their names, sizes and
  // times of change.
  std::string identity() const;

 private:
  // A store, and the number of its first image among those of all stores.
  struct Stored {
    std::shared_ptr<const ImageStore> store;
    std::int64_t begin = 0;
  };

  std::int64_t stored() const;  // images in all stores
  const Stored& store_of(std::int64_t place) const;
  void check_range(std::int64_t first, std::int64_t count) const;
  std::vector<std::int64_t> places(std::int64_t first, std::int64_t count) const;
  std::vector<std::int64_t> places_of(const at::Tensor& wanted) const;
  void each_run(const std::vector<std::int64_t>& places,
                const std::function<void(const ImageStore& store, std::int64_t first,
                                         std::int64_t count, std::int64_t at)>& run) const;
  at::Tensor gathered(const std::vector<std::int64_t>& places) const;

  FaceFormat format_;
  std::vector<Stored> stores_;
  at::Tensor order_;  // int64 [N], places in the stores; undefined: in the stores' order
};

}  // namespace fer::data
