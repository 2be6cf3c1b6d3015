// Faces as a network reads them. Those of another format are scaled to its size; where it takes
// colours, each is the grey level of a grey face.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "fer/core/face.h"
#include "fer/model/input_spec.h"

namespace fer::infer {

// Scales one side of an image: by means of areas where it shrinks, bilinearly where it grows, as
// pictures become faces (image/image.h).
class SideScaling {
 public:
  SideScaling(int from, int to);

  // What makes number `to` of the result.
  struct Part {
    int first;                   // of the numbers that are weighted
    std::vector<float> weights;  // sum 1
  };
  const Part& part(int to) const { return parts_[static_cast<std::size_t>(to)]; }

 private:
  std::vector<Part> parts_;
};

class FaceInput {
 public:
  explicit FaceInput(const model::InputSpec& spec);

  // Levels from 0 to 255 [N,height,width,channels] of faces of format `from` -> normalised float32
  // [N,channels,height,width] of the network's.
  std::vector<float> of(std::span<const float> levels, const FaceFormat& from) const;

  const FaceFormat& format() const { return format_; }

 private:
  std::vector<float> of_own(std::span<const float> levels) const;

  FaceFormat format_;
  std::vector<model::Normalisation> rules_;  // one a channel
};

}  // namespace fer::infer
