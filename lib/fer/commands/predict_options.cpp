#include "fer/commands/predict_options.h"

#include "fer/core/error.h"
#include "fer/core/label_set.h"
#include "fer/infer/tta.h"
#include "fer/predict/detector.h"
#include "fer/predict/face_crop.h"
#include "fer/predict/prediction_writer.h"

namespace fer {

void PredictOptions::visit(OptionVisitor& visitor) {
  visitor.field(Field("sources",
                      "Pictures, folders, glob patterns, videos, cameras (0, /dev/video0), "
                      "streams (rtsp://, http://), pipes, or - for file names or a picture on "
                      "standard input")
                    .as_arguments()
                    .not_recorded(),
                sources);
  visitor.field(
      Field(
          "model",
          "Model file, run folder or name of a released model; default: the released one; several "
          "are an ensemble, the mean of their probabilities"),
      model);
  visitor.field(
      Field("tta",
            "Test-time augmentation, the mean over several looks at a face: flip, shifts, ten-crop")
          .one_of(tta_modes()),
      tta);
  visitor.field(
      Field("min_confidence", "Faces whose most probable class has less than this are 'uncertain'")
          .range(0, 1),
      min_confidence);
  visitor.field(Field("detector", "How faces are found; none: the picture is the face")
                    .one_of(detector_names()),
                detector);
  visitor.field(Field("detector_model", "The detector's own file instead of the usual one"),
                detector_model);
  visitor.field(Field("detector_size",
                      "Side of the square that yunet (320, 640) and centerface (multiples of 32) "
                      "search; more finds smaller faces and takes longer; 0: 320")
                    .range(0, 4096)
                    .in("pixels"),
                detector_size);
  visitor.field(Field("small_faces",
                      "Search large still pictures in parts, too, for faces that are lost in the "
                      "picture as a whole; a picture of 12 megapixels then takes about three times "
                      "as long"),
                small_faces);
  visitor.field(Field("crop_margin",
                      "Side of the square that is cut out / the longer side of the detector's box; "
                      "0: what comes nearest to FER2013's faces (docs/detection.md)")
                    .range(0, 4),
                crop_margin);
  visitor.field(Field("align",
                      "Turn faces so that their eyes are level, where the detector says where they "
                      "are; auto: faces that are tilted by more than 12 degrees; without a "
                      "value: on")
                    .one_of(align_names()),
                align);
  visitor.field(Field("track", "Number the faces of moving pictures and follow them"), track);
  visitor.field(Field("smooth",
                      "Time over which the probabilities of a face that is followed are averaged; "
                      "0: each frame for itself")
                    .in("seconds")
                    .range(0, 60),
                smooth);
  visitor.field(Field("format", "Form of the results: for people, JSON Lines or CSV for machines")
                    .one_of(prediction_format_names()),
                format);
  visitor.field(Field("output",
                      "Where annotated pictures go: a picture or video for one source, a folder "
                      "for several")
                    .not_recorded(),
                output);
  visitor.field(
      Field("show",
            "A window with the annotated pictures; q closes it, any other key goes on from "
            "a still picture")
          .not_recorded(),
      show);
  visitor.field(Field("save_crops",
                      "Folder for the faces as the classifier sees them, 48x48 PNGs in a folder a "
                      "label")
                    .not_recorded(),
                save_crops);
  visitor.field(Field("explain",
                      "Folder for the faces with warm colours where the (first) model looked: "
                      "Grad-CAM of the class shown")
                    .not_recorded(),
                explain);
  visitor.field(Field("stats", "Tell the speed of each stage while it runs").not_recorded(), stats);
  visitor.field(Field("every", "Take every N-th frame of videos and cameras")
                    .range(1, 1'000'000)
                    .in("frames"),
                every);
  visitor.field(
      Field("reconnect", "How long a camera or stream that breaks is tried again; 0: not at all")
          .in("seconds")
          .range(0, 1e9),
      reconnect);
  visitor.field(Field("recursive", "Look into the folders of a folder"), recursive);
  visitor.field(Field("videos", "Of a folder read the videos, too"), videos);
  visitor.field(Field("batch_size", "Frames whose faces are classified together, at most")
                    .range(1, 65'536)
                    .in("frames"),
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
