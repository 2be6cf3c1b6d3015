// Faces as a network reads them. Those of data sets are 48x48 grey pixels, whatever the network
// takes: they are scaled to its size, and each of its colours is the grey level.
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

  // Levels from 0 to 255 of grey faces [N,48,48] -> normalised float32 [N,channels,height,width].
  std::vector<float> of_grey(std::span<const float> levels) const;
  // The same of faces that were cut out as the network wants them: [N,height,width,channels].
  std::vector<float> of_cuts(std::span<const float> levels) const;

  const FaceFormat& format() const { return format_; }

 private:
  void scale(const float* grey, float* plane) const;

  FaceFormat format_;
  std::vector<model::Normalisation> rules_;  // one a channel
  SideScaling across_, down_;
};

}  // namespace fer::infer
