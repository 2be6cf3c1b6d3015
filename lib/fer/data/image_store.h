// The interface of places that hold images. A new kind is a class like those in images.cpp.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <string>

#include "fer/core/hash.h"
#include "fer/data/images.h"

namespace fer::data {

// A sequence of images of one format. Several threads call it at once.
class ImageStore {
 public:
  virtual ~ImageStore() = default;
  virtual std::int64_t size() const = 0;

  // Reads images from `first` on, as many as fit into `to`. @throws fer::Error that names the file
  // or picture that cannot be read.
  virtual void read(std::int64_t first, std::span<std::uint8_t> to) const = 0;

  // Announces that these images will be read soon.
  virtual void expect(std::int64_t /*first*/, std::int64_t /*count*/) const {}

  // All images, if they are in memory.
  virtual at::Tensor tensor() const { return {}; }

  // Whether reading this image has failed, so that it must be left out.
  virtual bool is_broken(std::int64_t /*row*/) const { return false; }
  // Whether the picture that was read as this image had another shape, and was stretched.
  virtual bool is_stretched(std::int64_t /*row*/) const { return false; }
  virtual std::string name(std::int64_t row) const { return "image " + std::to_string(row); }

  // Adds data that identifies the images, without reading them if they are many.
  virtual void add_identity(Hasher& hasher) const = 0;
};

}  // namespace fer::data
