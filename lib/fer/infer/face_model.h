// A trained model ready for use on this machine's CPU: faces in, probabilities out. Evaluation and
// prediction both go this way, whoever made the network.
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
  // Packs a copy of the weights. `origin` names the file in messages. @throws fer::Error where the
  // weights do not make the network (graph::graph_of), and where a network of the table is to take
  // other faces than those of data sets (is_data_format).
  FaceModel(const model::Model& model, const std::string& origin,
            runtime::Precision precision = runtime::Precision::float32);

  // The class probabilities of the faces, [N,C] in one piece; a row sums to 1. With several views
  // of a face: their mean. A face's row does not depend on the others, nor on the number of
  // threads. Faces of another format than the network's are scaled to it (infer/face_input.h).
  // @throws fer::Error where the bytes are not those of whole faces, and where a network that is said
  // to give probabilities gives other numbers.
  std::vector<float> probabilities(FacesView faces, Tta tta, runtime::Team& team) const;

  // What the network puts out, [N,C], for normalised faces [N,channels,height,width]: logits.
  std::vector<float> logits(std::span<const float> faces, runtime::Team& team) const;

  std::size_t class_count() const { return classes_; }
  // How it wants a face cut out of its picture.
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
  bool gives_probabilities_;  // the network itself does
  runtime::Executable executable_;
};

}  // namespace fer::infer
