// Explains which parts of a face a prediction is based on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fer/core/face.h"
#include "fer/graph/graph.h"
#include "fer/infer/face_input.h"
#include "fer/model/model_file.h"
#include "fer/runtime/executable.h"
#include "fer/runtime/team.h"

namespace fer::infer {

// Grad-CAM (Selvaraju et al. 2017, equations 1 and 2) on the last feature map of at least 6x6
// pixels that all later layers depend on alone, for every architecture of the table. The score that
// is explained is the class's logit minus the mean of all logits, because softmax depends on
// nothing else. Does not change once it is made; several threads may use it at once, each with its
// own team.
class GradCam {
 public:
  // @throws fer::Error as FaceModel does.
  GradCam(const model::Model& model, const std::string& origin);
  // For any network that takes faces and has the logits as its only output.
  GradCam(graph::Graph graph, const model::InputSpec& input);

  // classes: the class to explain for each face. Returns for each face a number for each pixel, row
  // by row: from 0, where the least speaks for the class, to 1, where the most does; all 0 if every
  // place counts the same.
  std::vector<std::vector<float>> maps(FacesView faces, std::span<const std::int64_t> classes,
                                       runtime::Team& team) const;

 private:
  std::vector<float> map_of(std::vector<float> features, std::size_t label,
                            std::size_t classes) const;  // in the size of the features

  graph::Graph graph_;
  std::vector<graph::Shape> shapes_;
  graph::ValueId map_;
  FaceInput input_;
  runtime::Executable executable_;
};

}  // namespace fer::infer
