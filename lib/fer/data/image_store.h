// Where images of a data set lie. A new kind of place is a class like those in images.cpp.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <string>

#include "fer/core/hash.h"
#include "fer/data/images.h"

namespace fer::data {

// Images of one format, one behind another. Called from several threads at once.
class ImageStore {
 public:
  virtual ~ImageStore() = default;
  virtual std::int64_t size() const = 0;

  // Images from `first` on, as many as `to` has room for. @throws fer::Error that names what cannot
  // be read.
  virtual void read(std::int64_t first, std::span<std::uint8_t> to) const = 0;

  // They are wanted soon.
  virtual void expect(std::int64_t /*first*/, std::int64_t /*count*/) const {}

  // All of them, where they are in memory.
  virtual at::Tensor tensor() const { return {}; }

  // Whether an image that was read could not be, and is to be left out; what it is called then.
  virtual bool is_broken(std::int64_t /*row*/) const { return false; }
  virtual std::string name(std::int64_t row) const { return "image " + std::to_string(row); }

  // What tells this store from one of other images, without reading them where they are many.
  virtual void add_identity(Hasher& hasher) const = 0;
};

}  // namespace fer::data
