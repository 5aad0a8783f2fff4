from django.urls import path

from jiugong.standing import views

urlpatterns = [path("people/<uuid:person>/", views.person, name="person")]
