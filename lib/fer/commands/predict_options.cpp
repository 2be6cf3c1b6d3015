#include "fer/commands/predict_options.h"

#include "fer/core/error.h"
#include "fer/core/label_set.h"
#include "fer/infer/tta.h"
#include "fer/predict/detector.h"
#include "fer/predict/prediction_writer.h"

namespace fer {

void PredictOptions::visit(OptionVisitor& visitor) {
  visitor.field(Field("sources",
                      "Pictures, folders, glob patterns, videos, cameras (0, /dev/video0), or - "
                      "for file names on standard input")
                    .as_arguments()
                    .not_recorded(),
                sources);
  visitor.field(
      Field("model",
            "Model file, run folder or name of a released model; default: the released one"),
      model);
  visitor.field(Field("tta", "Test-time augmentation, the mean over several looks at a face: flip, shifts, ten-crop")
                    .one_of(tta_modes()),
                tta);
  visitor.field(Field("detector", "How faces are found; none: the picture is the face")
                    .one_of(detector_names()),
                detector);
  visitor.field(Field("detector_model", "The detector's own file instead of the usual one"),
                detector_model);
  visitor.field(Field("format", "Form of the results: for people, or JSON Lines for machines")
                    .one_of(prediction_format_names()),
                format);
  visitor.field(Field("output",
                      "Where annotated pictures go: a picture or video for one source, a folder "
                      "for several")
                    .not_recorded(),
                output);
  visitor.field(Field("every", "Take every N-th frame of videos and cameras")
                    .range(1, 1'000'000)
                    .in("frames"),
                every);
  visitor.field(Field("recursive", "Look into the folders of a folder"), recursive);
  visitor.field(Field("batch_size", "Faces of still pictures classified together")
                    .range(1, 65'536)
                    .in("faces"),
                batch_size);
  visitor.field(Field("top", "Classes of each face that the text format shows")
                    .range(1, double{LabelSet::kMaxClasses})
                    .in("classes"),
                top);
  common.visit(visitor);
}

void PredictOptions::validate() const {
  if (sources.empty()) {
    throw Error(
        "no source: name pictures, folders, glob patterns, videos or cameras, or - for "
        "file names on standard input");
  }
}

}  // namespace fer
