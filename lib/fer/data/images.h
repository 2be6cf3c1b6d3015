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

class ImageStore;  // where images lie: image_store.h

// N images of one format, uint8, in an order of their own. They lie in tensors or in files, and are
// read as they are asked for: a selection or a joined list is another order of the same images, at
// eight bytes each, and copies no pixel. Copies share what they stand on. Reading from several
// threads is fine.
//
// Wherever it gives images, they are a contiguous tensor on the CPU: [M,height,width] of grey ones,
// [M,height,width,3] of others. What gives pixels throws fer::Error that names the file or picture
// where it was made shorter or cannot be read.
class Images {
 public:
  Images() = default;  // none

  // Of a tensor on the CPU, which is not copied where it is contiguous: uint8 [N,H,W], grey, or
  // [N,H,W,3], RGB (tensors/face_images.h).
  Images(const at::Tensor& levels);  // NOLINT: a tensor in memory is the plainest case

  // Of `count` images that lie in a file one behind another.
  Images(std::shared_ptr<const RandomAccessFile> file, std::size_t offset, std::int64_t count,
         const FaceFormat& format);

  // Of anything else that has images.
  Images(std::shared_ptr<const ImageStore> store, const FaceFormat& format);

  std::int64_t size() const;
  const FaceFormat& format() const { return format_; }

  at::Tensor rows(const at::Tensor& wanted) const;  // int64 [M], CPU
  at::Tensor row(std::int64_t row) const;           // a single one: [height,width] or […,3]

  // So many images from `first` on. It may be a view of what is in memory: not to be written to.
  at::Tensor block(std::int64_t first, std::int64_t count) const;

  // All of them. Only where they are known to be few, or known to be in memory: block(0, size()).
  at::Tensor all() const { return block(0, size()); }

  // Calls `look` with blocks of at most `at_once` images, in order; without it, of at_once().
  void each_block(
      std::int64_t at_once,
      const std::function<void(std::int64_t first, const at::Tensor& block)>& look) const;
  void each_block(
      const std::function<void(std::int64_t first, const at::Tensor& block)>& look) const {
    each_block(at_once(), look);
  }

  // So many that a block takes some 16 MiB.
  std::int64_t at_once() const;

  // These rows are asked for soon: a file's disk may fetch them in the meantime.
  void expect(const at::Tensor& wanted) const;

  Images select(const at::Tensor& wanted) const;  // int64 [M], CPU
  // Of one format, but for those of none.
  static Images joined(const std::vector<Images>& parts);

  // Of these rows, once they were read: those that could not be, and are to be left out. Only
  // pictures that are decoded when they are asked for are ever broken; their levels are 0.
  std::vector<std::int64_t> broken_rows(std::int64_t first, std::int64_t count) const;
  std::string name(std::int64_t row) const;  // what people look such a picture up by

  // A number that others have where they would give other images: 16 hex digits. Files are not
  // read: their names, sizes and times of change count.
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
  at::Tensor order_;  // int64 [N] of places in the stores; undefined: as they stand there
};

}  // namespace fer::data
