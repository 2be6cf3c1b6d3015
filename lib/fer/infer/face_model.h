// A trained model ready for use on this machine's CPU: faces in, probabilities out. Evaluation and
// prediction both use it, also for imported networks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fer/core/face.h"
#include "fer/infer/face_input.h"
#include "fer/infer/tta.h"
#include "fer/model/model_file.h"
#include "fer/runtime/executable.h"
#include "fer/runtime/team.h"

namespace fer::infer {

// Does not change once it is made; several threads may use it at once, each with its own team.
class FaceModel {
 public:
  // Packs a copy of the weights. `origin` names the file in messages. @throws fer::Error if the
  // weights do not fit the network (graph::graph_of), and if a network of the table has an input
  // that is no data format (is_data_format).
  FaceModel(const model::Model& model, const std::string& origin,
            runtime::Precision precision = runtime::Precision::float32);

  // The class probabilities of the faces, [N,C] in one piece; a row sums to 1. With several views
  // of a face: their mean. A face's row depends neither on the other faces nor on the number of
  // threads. Faces of another format are scaled to the network's (infer/face_input.h). @throws
  // fer::Error if the bytes are not whole faces, and if a network whose description promises
  // probabilities gives other numbers.
  std::vector<float> probabilities(FacesView faces, Tta tta, runtime::Team& team) const;

  // The network's outputs, the logits [N,C], for normalised faces [N,channels,height,width].
  std::vector<float> logits(std::span<const float> faces, runtime::Team& team) const;

  std::size_t class_count() const { return classes_; }
  // How faces must be cut out of pictures for the network.
  const FaceCut& cut() const { return cut_; }
  const runtime::Executable& executable() const { return executable_; }

 private:
  std::vector<float> mean_over_views(FacesView faces, Tta tta, runtime::Team& team) const;
  void make_probabilities(std::vector<float>& rows) const;

  std::string origin_;
  std::size_t classes_;
  FaceCut cut_;
  FaceInput input_;
  runtime::GreyLevels levels_;  // of the first channel
  double temperature_;
  bool gives_probabilities_;  // the network's outputs are probabilities, not logits
  runtime::Executable executable_;
};

}  // namespace fer::infer
