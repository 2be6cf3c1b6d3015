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
  // something else than 48x48 grey levels.
  FaceModel(const model::Model& model, const std::string& origin,
            runtime::Precision precision = runtime::Precision::float32);

  // The class probabilities of the faces, [N,C] in one piece; a row sums to 1. With several views
  // of a face: their mean. A face's row does not depend on the others, nor on the number of
  // threads. Where the network takes other faces, these are scaled to its size, each colour being
  // the grey level.
  std::vector<float> probabilities(std::span<const FacePixels> faces, Tta tta,
                                   runtime::Team& team) const;

  // The same of faces that were cut out of pictures as cut() says: [N,height,width,channels] bytes.
  std::vector<float> probabilities_of_cuts(std::span<const std::uint8_t> cuts, Tta tta,
                                           runtime::Team& team) const;

  // What the network puts out, [N,C], for normalised faces [N,channels,height,width]: logits.
  std::vector<float> logits(std::span<const float> faces, runtime::Team& team) const;

  std::size_t class_count() const { return classes_; }
  // How it wants a face cut out of its picture; the usual cut is FacePixels.
  const FaceCut& cut() const { return cut_; }
  bool takes_usual_faces() const { return cut_ == FaceCut{}; }
  const runtime::Executable& executable() const { return executable_; }

 private:
  std::vector<float> of_bytes(std::span<const std::uint8_t> faces, const FaceFormat& format,
                              Tta tta, runtime::Team& team) const;
  std::vector<float> mean_over_views(std::span<const std::uint8_t> faces, const FaceFormat& format,
                                     Tta tta, runtime::Team& team) const;
  void make_probabilities(std::vector<float>& rows) const;

  std::size_t classes_;
  FaceCut cut_;
  FaceInput input_;
  runtime::GreyLevels levels_;  // of the first channel
  double temperature_;
  bool gives_probabilities_;  // the network itself does
  runtime::Executable executable_;
};

}  // namespace fer::infer
