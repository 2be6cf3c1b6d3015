// Converts faces to a network's input. Faces of another format are scaled to its size; if it takes
// colours, each channel is the grey level of a grey face.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "fer/core/face.h"
#include "fer/model/input_spec.h"

namespace fer::infer {

// Scales one side of an image: by area averages if it shrinks, bilinearly if it grows, as
// face_bytes() of image/image.h does.
class SideScaling {
 public:
  SideScaling(int from, int to);

  // The weighted input of one number of the result.
  struct Part {
    int first;                   // index of the first input
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
