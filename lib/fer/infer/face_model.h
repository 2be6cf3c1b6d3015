// A trained model ready for use on this machine's CPU: faces in, probabilities out. Evaluation and
// prediction both go this way.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "fer/core/face.h"
#include "fer/infer/tta.h"
#include "fer/model/model_file.h"
#include "fer/runtime/executable.h"
#include "fer/runtime/team.h"

namespace fer::infer {

// Does not change once it is made; several threads may use it at once, each with its own team.
class FaceModel {
 public:
  // Packs a copy of the weights. `origin` names the file in messages. @throws fer::Error where the
  // weights do not make the network (graph::graph_of), and for inputs other than 48x48 grey levels.
  FaceModel(const model::Model& model, const std::string& origin,
            runtime::Precision precision = runtime::Precision::float32);

  // The class probabilities of the faces, [N,C] in one piece; a row sums to 1. With several views of
  // a face: their mean. A face's row does not depend on the others, nor on the number of threads.
  std::vector<float> probabilities(std::span<const FacePixels> faces, Tta tta,
                                   runtime::Team& team) const;

  // logits [N,C] of normalised faces [N,48,48].
  std::vector<float> logits(std::span<const float> faces, runtime::Team& team) const;

  std::size_t class_count() const { return classes_; }
  const runtime::Executable& executable() const { return executable_; }

 private:
  std::vector<float> mean_over_views(std::span<const FacePixels> faces, Tta tta,
                                     runtime::Team& team) const;

  std::size_t classes_;
  model::Normalisation normalisation_;
  runtime::GreyLevels levels_;
  double temperature_;
  runtime::Executable executable_;
};

}  // namespace fer::infer
