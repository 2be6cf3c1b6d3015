#include "fer/media/tables.h"

#include "fer/core/version.h"

// The plug-in's symbols, and all of them: everything else in it is hidden.
#define FER_MEDIA_EXPORT extern "C" __attribute__((visibility("default")))

FER_MEDIA_EXPORT const char fer_media_version[];
const char fer_media_version[] = FER_VERSION_STRING;

FER_MEDIA_EXPORT const fer::image::Codecs fer_image_codecs;
const fer::image::Codecs fer_image_codecs{fer::media::decode_picture, fer::media::encode_picture,
                                          fer::media::read_avif};

FER_MEDIA_EXPORT const fer::source::MediaSources fer_media_sources;
const fer::source::MediaSources fer_media_sources{fer::media::open_video, fer::media::open_stream,
                                                  fer::media::open_camera};

FER_MEDIA_EXPORT const fer::output::MediaOutputs fer_media_outputs;
const fer::output::MediaOutputs fer_media_outputs{fer::media::open_video_encoder,
                                                  fer::media::open_window};
