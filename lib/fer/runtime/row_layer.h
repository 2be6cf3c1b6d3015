// A layer whose pieces are the rows of its result.
#pragma once

#include <cstdint>

#include "fer/runtime/layers.h"

namespace fer::runtime {

class RowLayer : public Layer {
 public:
  explicit RowLayer(const Map& to) : to_(to) {}

  std::int64_t pieces(std::int64_t images, const graph::Extent& part) const override {
    return images * part.height;
  }

  void run(Slots& slots, std::int64_t, const graph::Extent& part,
           std::int64_t piece) const override {
    row(slots, piece / part.height, piece % part.height, part.width);
  }

 protected:
  // The first `width` pixels of row y.
  virtual void row(Slots& slots, std::int64_t image, std::int64_t y, std::int64_t width) const = 0;

  Map to_;
};

}  // namespace fer::runtime
