export { SkyGallery as Gallery } from "./sky";
