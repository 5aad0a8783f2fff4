from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "jiugong.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Say which columns of this room are sealed, so that turning the keys reseals them too."""
        from jiugong.accounts.models import LinkWish, Secret
        from jiugong.registry.sealed import SealedColumn, add_sealed

        add_sealed(SealedColumn(Secret, "sealed", "accounts_secret.sealed"),
                   SealedColumn(LinkWish, "typed_sealed", "accounts_linkwish.typed"))
