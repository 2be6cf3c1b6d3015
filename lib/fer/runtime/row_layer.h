// A layer whose pieces are the rows of its result.
#pragma once

#include <cstdint>

#include "fer/runtime/layers.h"

namespace fer::runtime {

class RowLayer : public Layer {
 public:
  explicit RowLayer(const Map& to) : to_(to) {}

  std::int64_t pieces(std::int64_t images) const override { return images * to_.shape.size.height; }

  void run(Slots& slots, std::int64_t, std::int64_t piece) const override {
    row(slots, piece / to_.shape.size.height, piece % to_.shape.size.height);
  }

 protected:
  virtual void row(Slots& slots, std::int64_t image, std::int64_t y) const = 0;

  Map to_;
};

}  // namespace fer::runtime
